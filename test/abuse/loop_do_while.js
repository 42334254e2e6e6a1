// expect: 57014
export default async function handle() {
  do {} while (true);
}
