// expect: 57014
export default async function handle() {
  Array.prototype.indexOf.call({ length: 2 ** 32 + 2e5 }, 1, 2 ** 32);
  for (;;);
}
