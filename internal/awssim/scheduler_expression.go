package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the names of time zones do not depend on the machine
)

const scheduleTypesDoc = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"

var (
	scheduleForm = regexp.MustCompile(`^(at|rate|cron)\((.*)\)$`)
	scheduleRate = regexp.MustCompile(`^([1-9][0-9]*) (minute|minutes|hour|hours|day|days)$`)
	cronFields   = []cronField{
		{name: "minutes", low: 0, high: 59},
		{name: "hours", low: 0, high: 23},
		{name: "day-of-month", low: 1, high: 31, special: regexp.MustCompile(`^(\?|L|LW|L-[0-9]{1,2}|([1-9]|[12][0-9]|3[01])W)$`)},
		{name: "month", low: 1, high: 12, words: []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}, first: 1},
		{name: "day-of-week", low: 1, high: 7, words: []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}, first: 1,
			special: regexp.MustCompile(`^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$`)},
		{name: "year", low: 1970, high: 2199},
	}
)

// cronField is one field of a cron expression.
type cronField struct {
	name      string
	low, high int
	words     []string // names of the values from first on
	first     int
	special   *regexp.Regexp
}

// isTimeZone tells whether a name is one of the IANA time zone database.
func isTimeZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "Local"
}

// badScheduleExpression says what is wrong with an expression; "" when nothing is.
func badScheduleExpression(expression string) string {
	form := scheduleForm.FindStringSubmatch(expression)
	if form == nil {
		return "expected at(…), rate(…) or cron(…)"
	}
	switch body := form[2]; form[1] {
	case "at":
		if _, err := time.Parse("2006-01-02T15:04:05", body); err != nil {
			return "expected at(yyyy-mm-ddThh:mm:ss)"
		}
	case "rate":
		if !scheduleRate.MatchString(body) {
			return "expected rate(VALUE UNIT) with minutes, hours or days"
		}
	case "cron":
		return badCron(body)
	}
	return ""
}

// badCron: six fields; one of day-of-month and day-of-week is a question mark.
func badCron(body string) string {
	fields := strings.Fields(body)
	if len(fields) != len(cronFields) {
		return fmt.Sprintf("a cron expression has %d fields, this one has %d", len(cronFields), len(fields))
	}
	for i, field := range cronFields {
		for _, item := range strings.Split(strings.ToUpper(fields[i]), ",") {
			if !field.allows(item) {
				return fmt.Sprintf("%s: %q is not allowed", field.name, item)
			}
		}
	}
	if (fields[2] == "?") == (fields[4] == "?") {
		return "exactly one of day-of-month and day-of-week is a question mark"
	}
	return ""
}

func (f cronField) allows(item string) bool {
	if f.special != nil && f.special.MatchString(item) {
		return true
	}
	base, step, stepped := strings.Cut(item, "/")
	if n, err := strconv.Atoi(step); stepped && (err != nil || n < 1) {
		return false
	}
	if base == "*" {
		return true
	}
	from, to, isRange := strings.Cut(base, "-")
	low, ok := f.value(from)
	if !ok || !isRange {
		return ok
	}
	high, ok := f.value(to)
	return ok && low <= high
}

func (f cronField) value(text string) (int, bool) {
	if i := slices.Index(f.words, text); i >= 0 {
		return i + f.first, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= f.low && n <= f.high
}
