// expect: 38000
export default function handle() {
  const text = 'x'.repeat(5_000_000);
  const fields = {};
  for (const name of ['detail', 'hint', 'column', 'constraint', 'schema', 'table', 'userData']) fields[name] = text;
  throw Object.assign(new Error(text), fields);
}
