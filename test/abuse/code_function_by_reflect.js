// expect: 38000
export default async function handle() {
  Reflect.construct(Function, ['return 1'], class extends Function {});
}
