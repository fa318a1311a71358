import type { Draft, Site } from "../messages.ts";
import { Layout } from "./layout.tsx";
import { Paragraph } from "./parts.tsx";
import { hostOf } from "./words.ts";

/** What `keyturn doctor --mail` sends. */
export function testMail(site: Site): Draft {
  const subject = "Test mail from Keyturn";
  return {
    subject,
    body: (
      <Layout title={subject} site={site} why="It was asked for on the command line.">
        <Paragraph>You are reading this, so mail from {hostOf(site)} reaches you.</Paragraph>
      </Layout>
    ),
  };
}
