extension UInt64 {
    /// A hash of a number that no client can choose, for `_rawHashValue`: two multiplications instead of a keyed digest.
    ///
    /// The seed is that of the table; without it, filling one table from another would take quadratic time.
    @inlinable public func mixed(with seed: Int) -> Int {
        let product = (self ^ UInt64(truncatingIfNeeded: seed)).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        let folded = (product.high ^ product.low) &* 0xFF51_AFD7_ED55_8CCD
        return Int(truncatingIfNeeded: folded ^ (folded >> 32))
    }
}
