// A reader's project: calls each base URL that a variable names, and PERSONA_MOCK_URL's sandbox for a worker.
const paths = {
  AXERO_URL: ["/personas/188", "Bearer anything"],
  EQUALS_MONEY_URL: ["/roles", "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a"],
  VIJIL_URL: ["/users/me", "Bearer anything"],
  CRUD_URL: ["/personas", "Bearer vm_anything"],
};
const bases = Object.entries(process.env).flatMap(([name, base]) => {
  const known = Object.keys(paths).find((known) => name === known || name.endsWith(`_${known}`));
  return known ? [[base, paths[known]]] : [];
});
if (bases.length === 0) bases.push([`${process.env.PERSONA_MOCK_URL}/_sandbox/worker-1/v1`, paths.VIJIL_URL]);
for (const [base, [path, authorization]] of bases) {
  const answer = await fetch(base + path, { headers: { Authorization: authorization } });
  if (answer.status !== 200) throw new Error(`${base}${path} answered ${answer.status}: ${await answer.text()}`);
}
