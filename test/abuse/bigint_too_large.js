// expect: 38000
export default async function handle() {
  2n ** (2n ** 40n);
}
