// expect: 38000
export default async function handle() {
  Object.defineProperty(Array.prototype, 0, { set() {} });
}
