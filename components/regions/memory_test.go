package regions

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMemory(t *testing.T) {
	assert.Empty(t, memory(4, 5))
	assert.Equal(t, "5 Regions are covered; each provider is a process of 170–430 MB, the 6 of them need 1.0–2.6 GB of memory; "+
		"name fewer in the setting regions where that is too much", memory(5, 6))
}
