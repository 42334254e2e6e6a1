// expect: 38000
export default async function handle() {
  const o = { get x() { return this.x; } };
  o.x;
}
