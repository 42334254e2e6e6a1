// expect: 57014
export default async function handle() {
  [1].map(() => { for (;;); });
}
