// expect: 57014
export default async function handle() {
  new Proxy({}, { get() { for (;;); } }).x;
}
