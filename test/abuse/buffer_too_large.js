// expect: 38000
export default async function handle() {
  new ArrayBuffer(2 ** 53);
}
