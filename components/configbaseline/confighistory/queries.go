package confighistory

import (
	"fmt"
	"strings"
)

// namedQuery is a question that is asked again and again, ready to be answered in the Athena editor.
type namedQuery struct {
	name  string // name in Athena; a change makes another query
	title string // the question
	use   string // when to ask it
	days  int    // how far back it looks
	sql   string // Athena engine version 3 (Trino); see text for the words in braces
}

// Items are taken out of a file as lists of one: whether UNNEST makes one column of a row or one for each field depends
// on the engine's settings, that it makes one of a list does not.
var namedQueries = []namedQuery{
	{
		name:  "config-change-and-call",
		title: "What changed on this resource, and which call did it",
		use:   "A change alert names a resource, or something looks different from what you deployed. Each change stands beside the calls of the quarter of an hour before it that name the resource.",
		days:  7,
		sql: `
WITH params AS (
  SELECT 'sg-0123456789abcdef0' AS resource -- EDIT: id, name or ARN, as AWS Config shows it
),
changes AS (
  SELECT from_iso8601_timestamp(boxed[1].configurationitemcapturetime) AS captured, boxed[1].awsregion AS region,
    boxed[1].resourcetype AS resource_type, boxed[1].resourceid AS resource_id, boxed[1].configurationitemstatus AS status,
    boxed[1].configuration AS configuration
  FROM config_changes
  CROSS JOIN params
  CROSS JOIN UNNEST(transform(configurationitems, i -> ARRAY[i])) AS t (boxed)
  WHERE {days}
    AND (boxed[1].resourceid = params.resource OR boxed[1].resourcename = params.resource OR boxed[1].arn = params.resource)
),
calls AS (
  SELECT from_iso8601_timestamp(eventtime) AS called, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventsource,
    eventname, sourceipaddress, requestparameters, eventid
  FROM cloudtrail_logs
  CROSS JOIN params
  WHERE {period}
    AND readonly = 'false'
    AND errorcode IS NULL
    AND (strpos(requestparameters, params.resource) > 0
      OR strpos(responseelements, params.resource) > 0
      OR any_match(resources, r -> strpos(r.arn, params.resource) > 0))
)
SELECT changes.captured, changes.region, changes.resource_type, changes.resource_id, changes.status, calls.called, calls.principal,
  calls.eventsource, calls.eventname, calls.sourceipaddress, calls.requestparameters, calls.eventid, changes.configuration
FROM changes
LEFT JOIN calls ON calls.called BETWEEN changes.captured - interval '15' minute AND changes.captured
ORDER BY changes.captured DESC, calls.called DESC
LIMIT 1000`,
	},
	{
		name:  "config-most-changed",
		title: "What changes most",
		use:   "The bill of AWS Config grew: each change is an item. What leads the list may be recorded daily, or not at all.",
		days:  7,
		sql: `
SELECT boxed[1].awsregion AS region, boxed[1].resourcetype AS resource_type, count(*) AS items, count(DISTINCT boxed[1].resourceid) AS resources
FROM config_changes
CROSS JOIN UNNEST(transform(configurationitems, i -> ARRAY[i])) AS t (boxed)
WHERE {days}
GROUP BY 1, 2
ORDER BY items DESC
LIMIT 1000`,
	},
	{
		name:  "config-inventory",
		title: "What there was yesterday",
		use:   "For an inventory, or to find out whether something was there before an incident.",
		days:  1,
		sql: `
SELECT boxed[1].awsregion AS region, boxed[1].resourcetype AS resource_type, boxed[1].resourceid AS resource_id,
  boxed[1].resourcename AS resource_name, boxed[1].arn AS arn, boxed[1].resourcecreationtime AS created, boxed[1].tags AS tags
FROM config_snapshots
CROSS JOIN UNNEST(transform(configurationitems, i -> ARRAY[i])) AS t (boxed)
WHERE {days}
ORDER BY 1, 2, 3
LIMIT 10000`,
	},
}

// text is the query as it stands in Athena: the comment, then the SQL with its words filled in.
//
//	{days}    the condition on the partitions of the tables here, day by day: their dates are not padded, so that they
//	          cannot be compared by order
//	{period}  the condition on those of the trail's table
func (q namedQuery) text() string {
	days := make([]string, q.days+1)
	for i := range days {
		days[i] = fmt.Sprintf("date_format(current_date - interval '%d' day, '%%Y/%%c/%%e')", i)
	}
	comment := fmt.Sprintf("-- %s.\n-- %s\n-- Days that are looked at, today included: %d.\n", q.title, q.use, len(days))
	if strings.Contains(q.sql, "-- EDIT") {
		comment += "-- Edit the values at the comments marked EDIT before you run it.\n"
	}
	return comment + strings.NewReplacer(
		"{days}", datePartition+" IN (\n    "+strings.Join(days, ",\n    ")+")",
		"{period}", fmt.Sprintf("%s >= date_format(current_date - interval '%d' day, '%%Y/%%m/%%d')", datePartition, q.days),
	).Replace(strings.TrimSpace(q.sql)) + ";\n"
}
