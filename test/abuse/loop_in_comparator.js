// expect: 57014
export default async function handle() {
  [2, 1].sort(() => { for (;;); });
}
