export default function Home() {
  return <h1>Keyturn</h1>;
}
