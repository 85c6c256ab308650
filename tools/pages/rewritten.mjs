// rewritten.mjs CONFIG: asks for paths of Vijil as Next would rewrite them, which must be answered without a redirect.
const { default: config } = await import(`./${process.argv[2]}`);
if (!config.skipTrailingSlashRedirect) throw new Error("Next would take the slash at the end away");
const rules = await config.rewrites();
const headers = { Authorization: "Bearer anything" };
for (const asked of ["/v1/users/me", "/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee"]) {
  const [path, query = ""] = asked.split("?");
  // `:path*` is any number of segments, without a slash behind the last one.
  const found = rules.map(({ source, destination }) => {
    const parts = path.match(new RegExp(`^${source.replace(":path*", "(.*?[^/])")}$`));
    return parts && destination.replace(":path*", parts[1]);
  }).find(Boolean);
  const answer = await fetch(`${found}?${query}`, { headers, redirect: "manual" });
  if (answer.status !== 200) throw new Error(`${asked} is rewritten to ${found}, which answers ${answer.status}`);
}
