// expect: 57014
export default async function handle() {
  Reflect.construct(function () { for (;;); }, []);
}
