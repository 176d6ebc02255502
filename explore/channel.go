package explore

import "math/bits"

// channelWord is a channel in numbers: those of its packets, from the low bits
// up; 0 where there is none. Any-order channels are kept sorted, so that each
// multiset is one word.
type channelWord uint64

// channelForm is how a scenario's channels are laid out.
type channelForm struct {
	slot   uint // bits of a packet's number
	sorted bool
	count  [65]uint8 // packets of a word of so many bits
}

func newChannelForm(sc *Scenario) channelForm {
	f := channelForm{slot: min(64/uint(sc.Capacity), packetBits), sorted: sc.Order == AnyOrder}
	for n := range f.count {
		f.count[n] = uint8((uint(n) + f.slot - 1) / f.slot)
	}
	return f
}

// len is how many packets the channel has.
func (f *channelForm) len(c channelWord) int { return int(f.count[bits.Len64(uint64(c))]) }

// at is the number of packet i, and 0 behind the last.
func (f *channelForm) at(c channelWord, i int) uint32 {
	return uint32(c >> (uint(i) * f.slot) & (1<<f.slot - 1))
}

// all appends the numbers of all packets.
func (f *channelForm) all(c channelWord, dst []uint32) []uint32 {
	for ; c != 0; c >>= f.slot {
		dst = append(dst, f.at(c, 0))
	}
	return dst
}

// without is the channel without packet i.
func (f *channelForm) without(c channelWord, i int) channelWord {
	below := uint(i) * f.slot
	return c&(1<<below-1) | c>>(below+f.slot)<<below
}

// with is the channel with one packet more; it must have room.
func (f *channelForm) with(c channelWord, id uint32) channelWord {
	i := uint(f.len(c)) * f.slot
	if f.sorted {
		for i > 0 && uint32(c>>(i-f.slot)&(1<<f.slot-1)) > id {
			i -= f.slot
		}
	}
	return c&(1<<i-1) | channelWord(id)<<i | c>>i<<(i+f.slot)
}
