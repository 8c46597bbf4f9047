import { List } from '@mantine/core';
import { useMay } from '../../session/may.ts';
import { TextLink } from '../../ui/links.tsx';
import type { GuideProps } from './guide-props.ts';
import { Section } from './parts/prose.tsx';

export function StartGuide({ accountId }: GuideProps) {
  const mayWrite = useMay('webhooks:write');
  const params = { accountId };
  return (
    <>
      <p>
        A webhook is an address of yours that is called whenever there is something to report: that a message
        was delivered, read or failed (a DLR), or that somebody wrote to you (an MO).
      </p>
      <Section title="1. Add a webhook">
        <p>
          {mayWrite ? (
            <TextLink to="/a/$accountId/webhooks/new" params={params}>
              Add a webhook
            </TextLink>
          ) : (
            'Somebody with the role Developer or Owner adds it'
          )}
          : choose the product, how the request should look (GET, POST, JSON or XML) and which reports you
          want, and type the URL. For a DLR, say under Required Parameters what your endpoint calls each
          value; “Use example names” fills them in. The exact request stands beside the form while you type.
        </p>
      </Section>
      <Section title="2. Test it before saving">
        <p>
          “Test Webhook” sends a sample once, now, and shows your endpoint’s answer, or what went wrong and
          what to do about it. The endpoint must be reachable from the internet: addresses of a private
          network are refused.
        </p>
      </Section>
      <Section title="3. Answer well">
        <List>
          <List.Item>
            Answer with a 2xx status as soon as the report is kept, and work on it afterwards.
          </List.Item>
          <List.Item>
            Check the signature, so that nobody else can report to you:{' '}
            <TextLink to="/a/$accountId/guides/$guide" params={{ accountId, guide: 'receive' }}>
              receive and verify
            </TextLink>
            .
          </List.Item>
          <List.Item>
            Expect a report twice now and then, and drop one whose <code>webhook-id</code> you have seen.
          </List.Item>
        </List>
      </Section>
      <Section title="4. Watch it">
        <p>
          Every request is under{' '}
          <TextLink to="/a/$accountId/deliveries" params={params} search={{}}>
            Deliveries
          </TextLink>
          : what was sent, what came back, when it is tried again. A report that you miss is found by one of
          its ids under{' '}
          <TextLink to="/a/$accountId/events" params={params} search={{}}>
            Find an event
          </TextLink>
          , also when no webhook wanted it, with the reason.
        </p>
        <p>
          To be told when an endpoint fails, without looking, add a webhook under{' '}
          <TextLink to="/a/$accountId/alerts" params={params} search={{}}>
            Alerts
          </TextLink>
          .
        </p>
      </Section>
      <Section title="WhatsApp numbers">
        <p>
          A WhatsApp webhook gets the reports of all your numbers, or of one that is listed under{' '}
          <TextLink to="/a/$accountId/numbers" params={params}>
            Waba Numbers
          </TextLink>
          .
        </p>
      </Section>
    </>
  );
}
