// expect: 38000
export default async function handle() {
  new WebAssembly.Module(new Uint8Array(8));
}
