// expect: 53200
export default async function handle() {
  new Uint8Array(2 ** 31); for (;;);
}
