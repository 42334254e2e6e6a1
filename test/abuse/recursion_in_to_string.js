// expect: 38000
export default async function handle() {
  const o = { toString() { return `${this}`; } };
  `${o}`;
}
