// expect: 57014
export default async function handle() {
  Array.from({ length: 1, get 0() { for (;;); } });
}
