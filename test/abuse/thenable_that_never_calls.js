// expect: 39P01
export default async function handle() {
  await { then() {} };
}
