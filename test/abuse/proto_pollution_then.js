// expect: 38000
export default async function handle() {
  Object.defineProperty(Object.prototype, 'then', { get() { return 1; } });
}
