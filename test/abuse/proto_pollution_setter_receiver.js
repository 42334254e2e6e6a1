// expect: 38000
export default async function handle() {
  Object.getOwnPropertyDescriptor(Object.prototype, 'toString').set.call(Object.prototype, 1);
}
