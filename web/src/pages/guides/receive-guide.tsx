import { Code, List, Tabs } from '@mantine/core';
import { TextLink } from '../../ui/links.tsx';
import { verifyPrograms } from './code/verify.ts';
import type { GuideProps } from './guide-props.ts';
import { PlainTable } from './parts/plain-table.tsx';
import { Section } from './parts/prose.tsx';
import { Snippet } from './parts/snippet.tsx';

export function ReceiveGuide({ accountId }: GuideProps) {
  return (
    <>
      <Section title="What to answer">
        <List>
          <List.Item>
            Any 2xx status counts as delivered, unless the webhook asks for certain ones. The body may be
            empty; at most 64 KiB of it are read.
          </List.Item>
          <List.Item>
            There are 15 seconds for everything, from connecting to the last byte of the answer; the webhook
            can allow up to 30.
          </List.Item>
          <List.Item>Redirects are not followed and count as failures.</List.Item>
          <List.Item>
            When it is too much, answer 429 or 503 with <Code>Retry-After</Code>: the webhook rests that long.
          </List.Item>
          <List.Item>410 switches the webhook off. Its reports wait until somebody enables it.</List.Item>
        </List>
      </Section>
      <Section title="Repeats">
        <p>
          Delivery is at least once: after a lost connection the same report comes again. Every attempt and
          replay has the same <Code>webhook-id</Code>, so an endpoint that remembers the ids it has seen can
          drop repeats. In a batch the id belongs to the list: there, tell repeats by the message’s id with
          its status or times.
        </p>
      </Section>
      <Section title="Verify the signature">
        <p>
          Requests are signed as{' '}
          <a href="https://www.standardwebhooks.com" target="_blank" rel="noreferrer">
            Standard Webhooks
          </a>{' '}
          says. Each carries three headers:
        </p>
        <PlainTable
          head={['Header', 'Holds']}
          rows={[
            [
              <Code key="id">webhook-id</Code>,
              'The id of the delivery, the same for every attempt and replay.',
            ],
            [<Code key="at">webhook-timestamp</Code>, 'When this attempt was signed, in seconds since 1970.'],
            [
              <Code key="signature">webhook-signature</Code>,
              'One or more signatures, separated by spaces: each “v1,” and base64.',
            ],
          ]}
        />
        <p>
          A signature is HMAC-SHA256 over <Code>id.timestamp.content</Code>. The key is what follows{' '}
          <Code>whsec_</Code> in the webhook’s secret, decoded from base64. The content is
        </p>
        <List>
          <List.Item>
            for POST, JSON and XML: the body, byte for byte as it arrived. Verify before you parse it.
          </List.Item>
          <List.Item>
            for GET: the query string after the “?”, without decoding, with the parameters that your URL
            already had.
          </List.Item>
        </List>
        <p>
          Refuse a timestamp more than five minutes from now, and compare in constant time. While a secret is
          being rotated there are two signatures; one that matches is enough.
        </p>
        <Tabs defaultValue={verifyPrograms[0].language} keepMounted={false}>
          <Tabs.List>
            {verifyPrograms.map(({ language }) => (
              <Tabs.Tab key={language} value={language}>
                {language}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {verifyPrograms.map(({ language, text, note }) => (
            <Tabs.Panel key={language} value={language}>
              <Snippet label={`Verify in ${language}`} text={text} />
              <p>{note}</p>
            </Tabs.Panel>
          ))}
        </Tabs>
        <p>
          Each of{' '}
          <TextLink to="/a/$accountId/webhooks" params={{ accountId }} search={{}}>
            your webhooks
          </TextLink>{' '}
          shows its secret and, under “Receive it”, a whole working receiver for its own configuration, in
          Java, Go and C# too.
        </p>
      </Section>
      <Section title="Rotate a secret">
        <p>
          Rotating makes a new secret and lets the old one run out later. Until then every request is signed
          with both. So: rotate, bring the new secret to your endpoint, and wait.
        </p>
      </Section>
    </>
  );
}
