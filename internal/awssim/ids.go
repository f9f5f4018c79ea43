package awssim

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

var (
	idPattern = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-Za-z]{6,}`)
	iamPrefix = regexp.MustCompile(`^A(ROA|GPA|NPA|IDA)`) // of unique ids
)

// IDs finds ids that the account has made up, however they are written.
type IDs struct{ hex, uuid, base32 map[string]int }

// IDs are those made up until now. Two accounts with the same history have the same ids, but ids depend on the order in
// which things were made: who compares accounts renames them first.
func (a *Account) IDs() IDs {
	a.mu.Lock()
	defer a.mu.Unlock()
	ids := IDs{map[string]int{}, map[string]int{}, map[string]int{}}
	for n := 1; n <= a.Sequence; n++ {
		d := digestOf(a.Partition, a.ID, n)
		ids.hex[hex.EncodeToString(d)[:shortestHex]] = n
		ids.base32[base32.StdEncoding.EncodeToString(d)[:shortestBase32]] = n
		ids.uuid[uuidOf(d)] = n
	}
	return ids
}

const shortestHex, shortestBase32 = 16, 6

// Rename writes other words in the place of the ids in a text. An id is given by the number of the thing it names.
func (ids IDs) Rename(text string, name func(number int) string) string {
	return idPattern.ReplaceAllStringFunc(text, func(token string) string {
		if n, ok := ids.uuid[token]; ok {
			return name(n)
		}
		if len(token) >= shortestHex {
			if n, ok := ids.hex[token[:shortestHex]]; ok {
				return name(n)
			}
		}
		prefix := iamPrefix.FindString(token)
		if id := strings.ToUpper(strings.TrimPrefix(token, prefix)); len(id) >= shortestBase32 {
			if n, ok := ids.base32[id[:shortestBase32]]; ok {
				return prefix + name(n)
			}
		}
		return token
	})
}

// digestOf is the deterministic source of the account's n-th id.
func digestOf(partition, account string, n int) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d", partition, account, n))
	return sum[:]
}
