import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { arrival, auth, call } from "./auth.js";

function Shop() {
  const [user, setUser] = useState(undefined);
  const [fault, setFault] = useState(null);

  useEffect(() => {
    arrival.then(setUser, (why) => {
      setFault(why.message);
      setUser(null);
    });
    return auth.events.addUserUnloaded(() => setUser(null));
  }, []);

  if (user === undefined) return <p>One moment …</p>;
  return (
    <>
      <h1>My shop</h1>
      {fault && <p role="alert">{fault}</p>}
      {user ? (
        <Customer user={user} />
      ) : (
        <button type="button" onClick={() => auth.signinRedirect()}>
          Log in
        </button>
      )}
    </>
  );
}

function Customer({ user }) {
  const [orders, setOrders] = useState(null);
  const ask = () => call(`${API_URL}/orders`).then(setOrders, (why) => setOrders({ error: why.message }));
  return (
    <>
      <p>Hello, {user.profile.email}.</p>
      <button type="button" onClick={ask}>
        Show my orders
      </button>
      <button type="button" onClick={() => auth.signoutRedirect()}>
        Log out
      </button>
      {orders && <pre>{JSON.stringify(orders)}</pre>}
    </>
  );
}

createRoot(document.getElementById("shop")).render(
  <StrictMode>
    <Shop />
  </StrictMode>,
);
