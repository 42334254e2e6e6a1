// expect: 53200
export default async function handle() {
  const a = []; for (let i = 0;; i++) a.push(Symbol('s' + i));
}
