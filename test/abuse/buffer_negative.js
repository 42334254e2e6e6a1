// expect: 38000
export default async function handle() {
  new Uint8Array(-1);
}
