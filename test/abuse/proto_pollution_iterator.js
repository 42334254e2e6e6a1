// expect: 38000
export default async function handle() {
  Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true });
}
