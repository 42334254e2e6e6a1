// expect: 53200
export default async function handle() {
  const a = []; for (;;) a.push(new Date(), [1, 2, 3], /x/);
}
