import { type MouseEvent, memo } from 'react';
import type { Delivery } from '../../api/deliveries.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { kindOf } from '../../ui/webhook-words.ts';
import classes from './deliveries.module.css';
import { answerWord, attemptsLine, briefTime, reportWord, shortUrl, timeAndDay } from './row-words.ts';

export interface DeliveryRowProps {
  readonly delivery: Delivery;
  /** Of the webhook; its id where it is not known (any more). */
  readonly webhookName: string;
  /** Its place among all, from 1, the head included. */
  readonly place: number;
  readonly selected: boolean;
  readonly fresh: boolean;
  readonly href: string;
  readonly onOpen: (id: string) => void;
}

function opensElsewhere({ ctrlKey, metaKey, shiftKey, altKey, button }: MouseEvent): boolean {
  return ctrlKey || metaKey || shiftKey || altKey || button !== 0;
}

/** One delivery in two lines. All of it is the link that opens it. */
export const DeliveryRow = memo(function DeliveryRow(props: DeliveryRowProps) {
  const { delivery, webhookName, place, selected, fresh, href, onOpen } = props;
  const { id, state, messageId, mobileNumber, errorCode, acceptedAt } = delivery;
  const [time, day] = timeAndDay(acceptedAt);
  const answer = answerWord(delivery);
  const attempts = attemptsLine(delivery);
  return (
    <tr
      aria-rowindex={place}
      className={classes.row}
      data-selected={selected || undefined}
      data-fresh={fresh || undefined}
    >
      <Cell className={classes.stateCell}>
        <StateBadge state={state} />
      </Cell>
      <Cell className={classes.messageCell}>
        <a
          className={`${classes.open} ${classes.line} ${classes.code}`}
          href={href}
          data-delivery={id}
          aria-current={selected || undefined}
          title={messageId}
          onClick={(event) => {
            if (opensElsewhere(event)) return;
            event.preventDefault();
            onOpen(id);
          }}
        >
          {messageId}
        </a>
        <span className={classes.second}>
          <span className={classes.code}>{mobileNumber ?? '–'}</span>
          <span className={classes.inCompactInline}> · {answer}</span>
        </span>
      </Cell>
      <Cell className={classes.webhookCell}>
        <span className={classes.line} title={webhookName}>
          {shortUrl(webhookName)}
        </span>
        <span className={classes.second}>{kindOf(delivery)}</span>
      </Cell>
      <Cell className={classes.reportCell}>
        <span className={classes.line}>{reportWord(delivery)}</span>
        <span className={`${classes.second} ${classes.code}`}>{errorCode ?? ''}</span>
      </Cell>
      <Cell className={classes.answerCell}>
        <span className={`${classes.line} ${classes.code}`} title={answer}>
          {answer}
        </span>
        <span className={classes.second} title={attempts}>
          {attempts}
        </span>
      </Cell>
      <Cell className={classes.end}>
        <time dateTime={acceptedAt} title={acceptedAt}>
          <span className={classes.line}>{time}</span>
          <span className={classes.second}>{day}</span>
          <span className={classes.compactTime}>{briefTime(acceptedAt, Date.now())}</span>
        </time>
      </Cell>
    </tr>
  );
});

function Cell({
  className = '',
  children,
}: {
  readonly className?: string | undefined;
  readonly children: React.ReactNode;
}) {
  return <td className={`${classes.cell} ${className}`}>{children}</td>;
}
