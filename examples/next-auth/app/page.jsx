import { getServerSession } from "next-auth";
import { authOptions } from "../auth.js";
import { LogInButton } from "./log-in-button.jsx";

export default async function Page() {
  const session = await getServerSession(authOptions);
  return (
    <main>
      <h1>My shop</h1>
      {session && !session.error ? <Customer user={session.user} /> : <LogInButton />}
    </main>
  );
}

function Customer({ user }) {
  return (
    <>
      <p>Hello, {user.email}.</p>
      <form action="/log-out" method="post">
        <button type="submit">Log out</button>
      </form>
    </>
  );
}
