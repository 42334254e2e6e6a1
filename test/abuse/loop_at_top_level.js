// expect: 57014
for (;;);
export default () => 1;
