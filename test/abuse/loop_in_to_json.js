// expect: 57014
export default async function handle() {
  JSON.stringify({ toJSON() { for (;;); } });
}
