// expect: 53200
export default async function handle() {
  const a = []; for (let i = 0;; i++) a.push('abc'.split('').concat(['x' + i]));
}
