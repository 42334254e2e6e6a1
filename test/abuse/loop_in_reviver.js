// expect: 57014
export default async function handle() {
  JSON.parse('[1]', () => { for (;;); });
}
