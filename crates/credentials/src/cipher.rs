//! The block ciphers of credentials, all in CBC mode.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockCipherDecrypt, BlockModeDecrypt as _, InnerIvInit as _, KeyInit};
use cbc::Decryptor;
use rc2::Rc2;
use zeroize::Zeroizing;

#[derive(Clone, Copy)]
pub(crate) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
    TwoKeyTripleDes,
    Rc2With128Bits,
    Rc2With40Bits,
}

impl Cipher {
    /// In bytes.
    pub(crate) fn key_length(self) -> usize {
        match self {
            Self::Rc2With40Bits => 5,
            Self::Aes128 | Self::TwoKeyTripleDes | Self::Rc2With128Bits => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
        }
    }

    /// Also the length of the initial vector.
    pub(crate) fn block_length(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            _ => 8,
        }
    }

    /// None when the padding shows that the key is wrong, or a length is.
    pub(crate) fn decrypt(self, key: &[u8], iv: &[u8], text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Aes128 => keyed::<aes::Aes128>(key, iv, text),
            Self::Aes192 => keyed::<aes::Aes192>(key, iv, text),
            Self::Aes256 => keyed::<aes::Aes256>(key, iv, text),
            Self::TripleDes => keyed::<des::TdesEde3>(key, iv, text),
            Self::TwoKeyTripleDes => keyed::<des::TdesEde2>(key, iv, text),
            Self::Rc2With128Bits => plain(Rc2::new_with_eff_key_len(key, 128), iv, text),
            Self::Rc2With40Bits => plain(Rc2::new_with_eff_key_len(key, 40), iv, text),
        }
    }
}

fn keyed<C: KeyInit + BlockCipherDecrypt>(
    key: &[u8],
    iv: &[u8],
    text: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    plain(C::new_from_slice(key).ok()?, iv, text)
}

fn plain<C: BlockCipherDecrypt>(cipher: C, iv: &[u8], text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(text.to_vec());
    let length = Decryptor::inner_iv_slice_init(cipher, iv)
        .ok()?
        .decrypt_padded::<Pkcs7>(&mut buffer)
        .ok()?
        .len();
    buffer.truncate(length);
    Some(buffer)
}
