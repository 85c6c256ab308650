# An empty folder, Node.js and the packed files: what a user of npm types.
set -eu
npm init --yes
npm install --offline --ignore-scripts --save-dev "$PACKED"/*.tgz
npx persona-mock --version
cp "$EXAMPLES/first.test.mjs" .
node --test
