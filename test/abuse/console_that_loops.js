// expect: 57014
export default async function handle() {
  console.log({ toJSON() { for (;;); } });
}
