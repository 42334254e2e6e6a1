// expect: 38000
export default async function handle() {
  new SharedArrayBuffer(8);
}
