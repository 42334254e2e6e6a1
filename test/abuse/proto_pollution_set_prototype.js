// expect: 38000
export default async function handle() {
  Object.setPrototypeOf(Object.prototype, { polluted: 1 });
}
