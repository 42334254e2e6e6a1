// expect: 53200
export default async function handle() {
  const a = []; for (;;) a.push('x'.repeat(1000) + a.length);
}
