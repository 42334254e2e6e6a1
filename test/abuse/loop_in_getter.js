// expect: 57014
export default async function handle() {
  ({ get x() { for (;;); } }).x;
}
