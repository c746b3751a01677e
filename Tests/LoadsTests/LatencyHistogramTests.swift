import Loads
import StateMachines
import Testing

struct LatencyHistogramTests {
    @Test func `short times are exact`() {
        var histogram = LatencyHistogram()
        #expect(histogram.quantile(0.5) == nil)
        for time in 1...100 as ClosedRange<UInt64> { histogram.record(time) }
        #expect(histogram.total == 100)
        #expect(histogram.quantile(0) == 1)
        #expect(histogram.quantile(0.5) == 50)
        #expect(histogram.quantile(0.99) == 99)
        #expect(histogram.quantile(1) == 100)
        histogram.removeAll()
        #expect(histogram == LatencyHistogram())
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `any quantile is within one part in 128 of that of all times`(seed: UInt64) throws {
        var (random, histogram, times) = (SplitMix64(seed: seed), LatencyHistogram(), [UInt64]())
        for _ in 0..<5_000 {
            times.append(random.next() >> random.uniform(in: 0...63))
            histogram.record(times[times.count - 1])
        }
        times.sort()
        for percent in 0...100 {
            let fraction = Double(percent) / 100
            let exact = times[Int(Double(times.count - 1) * fraction)]
            let found = try #require(histogram.quantile(fraction))
            let difference = found > exact ? found - exact : exact - found
            #expect(difference <= exact / 128 + 1, "seed=\(seed), \(percent) %: \(found) for \(exact)")
        }
    }
}
