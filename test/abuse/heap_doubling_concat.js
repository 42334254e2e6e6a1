// expect: 53200
export default async function handle() {
  let a = [1]; for (;;) a = a.concat(a);
}
