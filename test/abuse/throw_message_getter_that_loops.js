// expect: 57014
export default async function handle() {
  throw { get message() { for (;;); } };
}
