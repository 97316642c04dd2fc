//! The block ciphers of credentials, all in CBC mode.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt as _, BlockModeEncrypt as _,
    InnerIvInit as _, KeyInit as _,
};
use cbc::{Decryptor, Encryptor};
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
    /// The length of the key, in bytes.
    pub(crate) fn key_length(self) -> usize {
        match self {
            Self::Rc2With40Bits => 5,
            Self::Aes128 | Self::TwoKeyTripleDes | Self::Rc2With128Bits => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
        }
    }

    /// The length of a block and of the initial vector, in bytes.
    pub(crate) fn block_length(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            _ => 8,
        }
    }

    /// Returns `None` if the padding shows that the key is wrong, or if a length is wrong.
    pub(crate) fn decrypt(self, key: &[u8], iv: &[u8], text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.run(Direction::Decrypt, key, iv, text)
    }

    /// Returns `None` if the length of the key or of the initial vector is wrong.
    pub(crate) fn encrypt(self, key: &[u8], iv: &[u8], text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.run(Direction::Encrypt, key, iv, text)
    }

    fn run(
        self,
        direction: Direction,
        key: &[u8],
        iv: &[u8],
        text: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Aes128 => direction.run(aes::Aes128::new_from_slice(key).ok()?, iv, text),
            Self::Aes192 => direction.run(aes::Aes192::new_from_slice(key).ok()?, iv, text),
            Self::Aes256 => direction.run(aes::Aes256::new_from_slice(key).ok()?, iv, text),
            Self::TripleDes => direction.run(des::TdesEde3::new_from_slice(key).ok()?, iv, text),
            Self::TwoKeyTripleDes => {
                direction.run(des::TdesEde2::new_from_slice(key).ok()?, iv, text)
            }
            Self::Rc2With128Bits => direction.run(Rc2::new_with_eff_key_len(key, 128), iv, text),
            Self::Rc2With40Bits => direction.run(Rc2::new_with_eff_key_len(key, 40), iv, text),
        }
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Encrypt,
    Decrypt,
}

impl Direction {
    fn run<C: BlockCipherEncrypt + BlockCipherDecrypt>(
        self,
        cipher: C,
        iv: &[u8],
        text: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        // The padding is one block at most.
        let room = text.len() + C::block_size();
        let mut buffer = Zeroizing::new(Vec::with_capacity(room));
        buffer.extend_from_slice(text);
        let length = match self {
            Self::Decrypt => Decryptor::inner_iv_slice_init(cipher, iv)
                .ok()?
                .decrypt_padded::<Pkcs7>(&mut buffer)
                .ok()?
                .len(),
            Self::Encrypt => {
                buffer.resize(room, 0);
                Encryptor::inner_iv_slice_init(cipher, iv)
                    .ok()?
                    .encrypt_padded::<Pkcs7>(&mut buffer, text.len())
                    .ok()?
                    .len()
            }
        };
        buffer.truncate(length);
        Some(buffer)
    }
}
